export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** Where the interface is looked at, CSS px: the least window, half a screen, the design size and two whole screens. */
export const windowSizes: readonly WindowSize[] = [
  { width: 800, height: 600 },
  { width: 960, height: 1040 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
];
