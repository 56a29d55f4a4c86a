// Types of what vite resolves: CSS modules, import.meta.glob.
/// <reference types="vite/client" />
