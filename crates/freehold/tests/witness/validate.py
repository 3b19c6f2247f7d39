"""Says whether JSON is what its schema says, by the Python reference implementation.

Usage: validate.py SCHEMA INSTANCE...   Exit code 0 if all are valid; else what is not is printed.
"""

import json
import sys

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import validator_for


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    # As its `$schema` says; SARIF's is of an older draft.
    Draft = validator_for(schema, default=Draft202012Validator)
    Draft.check_schema(schema)
    validator = Draft(schema, format_checker=FormatChecker())
    wrong = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            instance = json.load(file)
        for error in validator.iter_errors(instance):
            print(f"{name}: {error.json_path}: {error.message[:400]}")
            wrong += 1
    sys.exit(1 if wrong else 0)


main()
