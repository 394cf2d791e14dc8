import { describe, expect, it } from 'vitest';
import { missingFromMain, missingFromPreload } from '../../../build/bundle-imports.ts';

describe('what the bundles need', () => {
  it('is Electron, keytar and what Node has: anything else is named', () => {
    const source = `
      import { app } from 'electron/main';
      import fs, { readFileSync } from 'node:fs';
      import { z } from 'zod';
      export * from 'leaked/deep';
      const keytar = await import('keytar');
      const late = await import('late');
      const path = __require('path');
      const debug = require('debug');
      const text = "import x from 'only-text'";
    `;
    expect(missingFromMain(source)).toEqual(['zod', 'leaked/deep', 'late', 'debug']);
  });

  it('is, for the preload, what a sandbox gives it', () => {
    const source = `
      const { contextBridge } = require('electron');
      const events = require('node:events');
      const fs = require('node:fs');
      const other = require('./other.cjs');
    `;
    expect(missingFromPreload(source)).toEqual(['node:fs', './other.cjs']);
  });
});
