#!/usr/bin/python3
"""Looks into the arguments and the environment of every process until its standard input ends.

usage: sampler.py SECRETS OUT
SECRETS holds one forbidden text a line. OUT receives a line "<pid> <file> <command>" per hit and,
at the end, "looked at <n> processes in <m> rounds". Reads /proc, writes OUT only.
"""
import os
import pathlib
import select
import sys
import time

INTERVAL = 0.02
LIMIT = 900  # seconds: an end even if nobody closes the pipe


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def main():
    secrets = [line for line in pathlib.Path(sys.argv[1]).read_bytes().splitlines() if line]
    seen, hits, rounds = set(), [], 0
    end = time.monotonic() + LIMIT
    while time.monotonic() < end and not select.select([sys.stdin], [], [], INTERVAL)[0]:
        rounds += 1
        for pid in filter(str.isdigit, os.listdir("/proc")):
            command = read(f"/proc/{pid}/cmdline")
            for name in ("cmdline", "environ"):
                text = command if name == "cmdline" else read(f"/proc/{pid}/environ")
                if text and (pid, name, hash(text)) not in seen:
                    seen.add((pid, name, hash(text)))
                    if any(secret in text for secret in secrets):
                        shown = command.replace(b"\0", b" ")[:80].decode(errors="replace")
                        hits.append(f"{pid} {name} {shown}")
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for hit in hits:
            print(hit, file=out)
        processes = len({pid for pid, _, _ in seen})
        print(f"looked at {processes} processes in {rounds} rounds", file=out)


main()
