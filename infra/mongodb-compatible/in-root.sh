#!/bin/sh
# in-root.sh TREE USER COMMAND…: runs a command inside a system tree that has /proc and /dev. They are mounted in a
# namespace of the command's own, so nothing is left mounted, and the process id stays that of the caller's child.
export TREE="$1" TREE_USER="$2"
shift 2
exec unshare --mount --propagation private -- sh -c '
  mount -t proc proc "$TREE/proc" && mount --rbind /dev "$TREE/dev" && exec chroot --userspec="$TREE_USER" "$TREE" "$@"' sh "$@"
