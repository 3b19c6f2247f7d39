"""Validates what the program prints against its documented schema, by Python's jsonschema.

Usage: json_schema.py SCHEMA, with one JSON text a line on standard input.
"""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
checked = 0
for line in sys.stdin:
    errors = sorted(validator.iter_errors(json.loads(line)), key=lambda error: list(error.path))
    for error in errors:
        best = min(error.context, key=lambda one: -len(one.path)) if error.context else error
        print(f"line {checked + 1}: {list(best.path)}: {best.message[:300]}")
    if errors:
        sys.exit(1)
    checked += 1
print(f"ok {checked}")
