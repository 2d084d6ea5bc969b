"""Runs a package's console entry point: entry.py MODULE PROGRAM ARG... ; "ARG... + ARG..." runs it once for each."""
import importlib
import os
import sys

import lab_patches  # noqa: F401

module, program = sys.argv[1:3]
if program == 'trove-manage':
    import lab_trove  # noqa: F401
main = importlib.import_module(module).main
runs = [[]]
for arg in sys.argv[3:]:
    if arg == '+':
        runs.append([])
    else:
        runs[-1].append(arg)
if len(runs) == 1:
    sys.argv = [program, *runs[0]]
    sys.exit(main())
for args in runs:  # the imports are most of the time: do them once, run each in a child
    child = os.fork()
    if not child:
        sys.argv = [program, *args]
        code = main()
        sys.stdout.flush()
        os._exit(code or 0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        sys.exit(status)
