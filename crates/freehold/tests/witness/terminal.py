"""Runs a program on a terminal of its own, types what is asked for, and ends it with Ctrl-C.

    terminal.py STEPS QUIET PROGRAM ARGUMENT...

STEPS is a list of [what to wait for, what to type then] as JSON. After the last step it listens for QUIET seconds more,
presses Ctrl-C, and prints everything the program wrote and, last, its exit code.
"""
import json
import os
import pty
import select
import sys
import time

PATIENCE = 120


def main():
    steps, quiet, command = json.loads(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(command[0], command)
    text, seen = '', 0

    def listen(seconds):
        """What comes within so many seconds; None at the end."""
        nonlocal text
        if not select.select([terminal], [], [], seconds)[0]:
            return ''
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b''
        text += part.decode('utf-8', 'replace')
        return part or None

    for expected, answer in steps:
        end = time.monotonic() + PATIENCE
        while expected not in text[seen:]:
            if time.monotonic() > end or listen(1) is None:
                print(text)
                sys.exit(f'"{expected}" did not come')
        seen += text[seen:].index(expected) + len(expected)
        os.write(terminal, answer.encode())
    end = time.monotonic() + quiet
    while time.monotonic() < end and listen(.1) is not None:
        pass
    os.write(terminal, b'\x03')
    while listen(PATIENCE):
        pass
    print(text.replace('\r\n', '\n'))
    print('exit', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main()
