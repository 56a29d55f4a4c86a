// One line on the terminal that tells how far a command is; nothing where nobody looks on.

export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

export function progressLine(): ProgressLine {
  const write = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  return { show: (text) => write(`  ${text} `), clear: () => write('') };
}
