// Starts the admin UI: reads app.json, loads the language, renews the session, then draws the first page.
import '@mantine/core/styles.css';
import '@fontsource-variable/noto-sans/index.css';
import '@fontsource-variable/noto-sans-arabic/index.css';
import '@fontsource-variable/noto-sans-hebrew/index.css';
import './theme/global.css';
import { createRoot } from 'react-dom/client';
import { type AppInfo, loadAppInfo } from './api/app-info.ts';
import { startI18n } from './i18n/start.ts';
import { resumeSession } from './session/session.ts';
import { takeOutcome } from './session/sign-on.ts';
import { App } from './shell/app.tsx';
import { StartFailed } from './shell/start-failed.tsx';

const root = createRoot(document.getElementById('root') as HTMLElement);

async function start(): Promise<void> {
  let info: AppInfo;
  try {
    info = await loadAppInfo();
    await startI18n(info.languages);
  } catch {
    await startI18n(['en', 'ar']);
    root.render(<StartFailed />);
    return;
  }
  takeOutcome();
  await resumeSession();
  root.render(<App info={info} />);
}

void start();
