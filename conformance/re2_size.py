"""Reads a pattern in JSON per line, and writes the size of the program that RE2 compiles it to; -1 if RE2 refuses it."""

import json
import sys

import re2

options = re2.Options()
options.log_errors = False

for line in sys.stdin:
    try:
        size = re2.compile(json.loads(line), options).programsize
    except re2.error:
        size = -1
    print(size)
