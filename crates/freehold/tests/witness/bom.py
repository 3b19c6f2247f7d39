"""Says whether bills of materials are what their standards say, by other people's readers.

Usage: bom.py cyclonedx|spdx|mof FILE...   Exit code 0 if all are; else what is not is printed.
"""

import json
import pathlib
import sys


def cyclonedx(text):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    errors = JsonStrictValidator(SchemaVersion.V1_7).validate_str(text, all_errors=True)
    return [f"{error.data.json_path}: {error.data.message[:300]}" for error in errors or []]


def spdx(text):
    from spdx_python_model import v3_0_1 as model

    objects = model.SHACLObjectSet()
    try:
        # Reading checks names, types and patterns; writing checks what must be there.
        model.JSONLDDeserializer().deserialize_data(json.loads(text), objects)
        model.JSONLDSerializer().serialize_data(objects)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    missing = [f"{name} is named and not there" for name in sorted(objects.missing_ids)]
    documents = list(objects.foreach_type(model.SpdxDocument))
    return missing + ([] if len(documents) == 1 else [f"{len(documents)} documents"])


def mof(text):
    import yaml
    from jsonschema import Draft7Validator

    folder = pathlib.Path(__file__).parent
    schema = json.loads((folder / "mof_schema.json").read_text(encoding="utf-8"))
    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    errors = validator.iter_errors(yaml.safe_load(text))
    return [f"{error.json_path}: {error.message[:300]}" for error in errors]


def main():
    check = {"cyclonedx": cyclonedx, "spdx": spdx, "mof": mof}[sys.argv[1]]
    wrong = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            for error in check(file.read()):
                print(f"{name}: {error}")
                wrong += 1
    sys.exit(1 if wrong else 0)


main()
