// The look: colours with enough contrast in both schemes, one font stack for every script, calm corners.
import { type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  fontFamily:
    "'Noto Sans Variable', 'Noto Sans Arabic Variable', 'Noto Sans Hebrew Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // By name: the components themselves stay in the chunks of the pages that use them.
  components: {
    // Help stands below, so that inputs of a row stand level.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    // The placeholder is a focusable element without a role, which a menu must not contain.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // What pops up stays in the landmark of what it belongs to.
    Popover: { defaultProps: { withinPortal: false } },
    // One scrolling element with the role of a list; Mantine's own scroll area puts another between.
    Select: { defaultProps: { withScrollArea: false } },
    MultiSelect: { defaultProps: { withScrollArea: false } },
    Combobox: { defaultProps: { withinPortal: false, keepMounted: false } },
  },
});

/** Mantine's own greys and reds miss 4.5:1 on some of its own backgrounds. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6a7178',
    '--formwork-canvas': '#f6f7f9',
    '--formwork-surface': '#ffffff',
    '--formwork-line': '#e2e5e9',
    '--formwork-hover': '#f1f3f9',
    '--formwork-accent-soft': '#e7ecff',
    '--formwork-accent-text': '#3046b8',
  },
  dark: {
    '--mantine-color-error': '#ff8787',
    '--mantine-color-dimmed': '#a6adb4',
    '--mantine-color-placeholder': '#949ba2',
    '--mantine-color-body': '#1b1d21',
    '--formwork-canvas': '#131417',
    '--formwork-surface': '#1b1d21',
    '--formwork-line': '#33373d',
    '--formwork-hover': '#24272d',
    '--formwork-accent-soft': '#26305c',
    '--formwork-accent-text': '#b9c6ff',
  },
});
