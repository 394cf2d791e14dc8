import { existsSync, readFileSync } from 'node:fs';
import type { NativeImage as ElectronNativeImage, Size } from 'electron';
import { asElectron, guardClass, guarded, StandInError } from './guard.ts';

type Provided = Pick<
  ElectronNativeImage,
  'addRepresentation' | 'getSize' | 'isEmpty' | 'isTemplateImage' | 'setTemplateImage' | 'toDataURL' | 'toPNG'
>;

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** A picture: the bytes of a PNG, whose size is read, and the file it came from. */
export class NativeImage implements Provided {
  static {
    guardClass('NativeImage', NativeImage);
  }

  /** The file it was made from; null when it was made otherwise. */
  readonly path: string | null;
  private readonly png: Buffer | null;
  private template: boolean;

  constructor(png: Buffer | null, path: string | null) {
    this.png = png?.subarray(0, 8).equals(PNG_SIGNATURE) ? png : null;
    this.path = path;
    this.template = path !== null && /Template(@2x)?\.png$/.test(path);
  }

  isEmpty(): boolean {
    return this.png === null;
  }

  /** In pixels of the file itself. */
  getSize(): Size {
    return this.png === null
      ? { width: 0, height: 0 }
      : { width: this.png.readUInt32BE(16), height: this.png.readUInt32BE(20) };
  }

  toPNG(): Buffer {
    return this.png ?? Buffer.alloc(0);
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.toPNG().toString('base64')}`;
  }

  addRepresentation(_options: object): void {}

  isTemplateImage(): boolean {
    return this.template;
  }

  setTemplateImage(option: boolean): void {
    this.template = option;
  }
}

function shown(image: NativeImage): ElectronNativeImage {
  return asElectron<ElectronNativeImage>(image);
}

export const nativeImage = guarded('nativeImage', {
  createEmpty: () => shown(new NativeImage(null, null)),
  createFromPath: (path: string) => shown(new NativeImage(existsSync(path) ? readFileSync(path) : null, path)),
  createFromBuffer: (buffer: Buffer) => shown(new NativeImage(buffer, null)),
  createFromDataURL: (url: string) => {
    const data = /^data:image\/png;base64,(.*)$/.exec(url)?.[1];
    return shown(new NativeImage(data === undefined ? null : Buffer.from(data, 'base64'), null));
  },
} satisfies Partial<typeof Electron.nativeImage>);

/** The image behind what an API was given. Electron throws on a file it cannot read, and so does this. */
export function imageOf(image: ElectronNativeImage | string): NativeImage {
  const found: unknown = typeof image === 'string' ? nativeImage.createFromPath(image) : image;
  if (!(found instanceof NativeImage)) throw new StandInError('not an image made by nativeImage');
  if (typeof image === 'string' && found.isEmpty()) throw new Error(`Failed to load image from path '${image}'`);
  return found;
}
