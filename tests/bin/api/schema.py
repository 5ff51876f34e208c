# SPDX-License-Identifier: Apache-2.0
"""schema.py - whether a value fits a schema of an OpenAPI document: the few words that ours uses.

Members that a schema does not name are faults too: the document is to be complete.
"""

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def resolved(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def is_type(value, name):
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def faults(document, schema, value, place="answer"):
    """Sentences, one for each place where the value does not fit."""
    schema = resolved(document, schema)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}: {value!r} is none of {schema['enum']}"]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, name) for name in types):
        return [f"{place}: {value!r} is no {' or '.join(types)}"]
    found = []
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{place}: no {name}" for name in schema.get("required", []) if name not in value]
        for name, member in value.items():
            if name not in schema["properties"]:
                found.append(f"{place}: {name} is not in the document")
            else:
                found += faults(document, schema["properties"][name], member, f"{place}.{name}")
    if isinstance(value, list) and "items" in schema:
        for item in value[:5]:
            found += faults(document, schema["items"], item, place + "[]")
    return found


def references(node):
    """All $ref of a document."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for member in node.values():
            yield from references(member)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)
