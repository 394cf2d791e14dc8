#!/bin/sh
# In the place of Electron's executable, which process.execPath names: a plain Node only to those who ask for one.
if [ -z "$ELECTRON_RUN_AS_NODE" ]; then
  echo 'Electron would start an app here; set ELECTRON_RUN_AS_NODE=1 to run a script.' >&2
  exit 64
fi
exec "$STAND_IN_NODE" "$@"
