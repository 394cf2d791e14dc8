import { z } from 'zod';

const boundsSchema = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });

const placementSchema = z.object({ bounds: boundsSchema, maximized: z.boolean() });

/** What is remembered of the window: where it was on each display, and on which it was last. */
export const windowMemorySchema = z.object({
  lastDisplay: z.string().nullable(),
  /** By display id. */
  placements: z.record(z.string(), placementSchema),
});

/** A rectangle on the desktop, in device-independent pixels. */
export type Bounds = Readonly<z.infer<typeof boundsSchema>>;
export type Placement = Readonly<z.infer<typeof placementSchema>>;
export type WindowMemory = Readonly<z.infer<typeof windowMemorySchema>>;

/** A connected display; `workArea` is what task bars and docks leave. */
export interface Display {
  readonly id: number;
  readonly workArea: Bounds;
}

export const emptyMemory: WindowMemory = { lastDisplay: null, placements: {} };

/** The interface's design size; smaller displays get what they have. */
const DEFAULT_SIZE = { width: 1360, height: 860 } as const;
/** Where the interface is still whole, its longest words included; only a smaller display makes the window smaller. */
export const MIN_SIZE = { width: 800, height: 600 } as const;

/**
 * Where the window opens: on the display it was last on, as it was there; where that display is gone, on the primary one
 * (the first). Always wholly within the work area, which may have shrunk since.
 */
export function placeWindow(memory: WindowMemory, displays: readonly [Display, ...Display[]]): Placement {
  const display = displays.find(({ id }) => String(id) === memory.lastDisplay) ?? displays[0];
  const remembered = memory.placements[String(display.id)];
  if (remembered === undefined) return { bounds: centred(display.workArea), maximized: false };
  return { ...remembered, bounds: clamp(remembered.bounds, display.workArea) };
}

/** The memory with the window's place on a display added. Displays that are away keep theirs. */
export function rememberPlacement(memory: WindowMemory, displayId: number, placement: Placement): WindowMemory {
  const id = String(displayId);
  return { lastDisplay: id, placements: { ...memory.placements, [id]: placement } };
}

function centred(area: Bounds): Bounds {
  const width = Math.min(DEFAULT_SIZE.width, area.width);
  const height = Math.min(DEFAULT_SIZE.height, area.height);
  const x = area.x + Math.floor((area.width - width) / 2);
  const y = area.y + Math.floor((area.height - height) / 2);
  return { x, y, width, height };
}

function clamp(bounds: Bounds, area: Bounds): Bounds {
  const width = Math.min(Math.max(bounds.width, MIN_SIZE.width), area.width);
  const height = Math.min(Math.max(bounds.height, MIN_SIZE.height), area.height);
  const x = Math.min(Math.max(bounds.x, area.x), area.x + area.width - width);
  const y = Math.min(Math.max(bounds.y, area.y), area.y + area.height - height);
  return { x, y, width, height };
}
