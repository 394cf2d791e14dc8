import { z } from 'zod';
import { commandSchemas } from '../contract/commands.ts';

/** The most that is read of what should be a token. */
export const MAX_TOKEN_TEXT_BYTES = 4096;

const fileSchema = z.object({ access_token: commandSchemas['token.set'].shape.accessToken });

/** The access token in a text: the bare token, or JSON with an `access_token`. Null when it is neither. */
export function tokenIn(text: string): string | null {
  const trimmed = text.trim();
  const bare = commandSchemas['token.set'].safeParse({ accessToken: trimmed });
  if (bare.success) return bare.data.accessToken;
  try {
    return fileSchema.parse(JSON.parse(trimmed)).access_token;
  } catch {
    return null;
  }
}
