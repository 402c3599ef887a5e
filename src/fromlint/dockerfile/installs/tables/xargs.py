"""xargs' options, GNU's and busybox's."""

OPTIONS = """
-0 --null
-r --no-run-if-empty
-t --verbose
-p --interactive
-x --exit
-o --open-tty
-n --max-args =
-P --max-procs =
-I =
-L =
-s --max-chars =
-d --delimiter =
-a --arg-file =
-E =
"""
