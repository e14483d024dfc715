"""What the server writes and reads, as declarations of TypeScript: from the structs themselves."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import NODEFAULT, Struct, inspect


def declared(structs: Iterable[type[Struct]], *, read: bool = False) -> str:
    """
    One `export type` for each struct, under its own name.

    With `read` they are what the server reads: whatever has a default may be missing.
    """
    return "\n".join(_declaration(struct, read) for struct in structs)


def _declaration(struct: type[Struct], read: bool) -> str:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    omits = read or struct.__struct_config__.omit_defaults
    # Messages that the page makes itself have no tag.
    tag = f"  {info.tag_field}?: {info.tag!r};\n" if info.tag_field else ""
    fields = "".join(_field(field, omits) for field in info.fields)
    return f"export type {struct.__name__} = {{\n{tag}{fields}}};"


def _field(field: inspect.Field, omits: bool) -> str:
    """Only what is unset is left out, and with `omits` what has its default; `inspect` gives the former none."""
    is_there = field.required or (field.default is not NODEFAULT and not omits)
    return f"  {field.encode_name}{'' if is_there else '?'}: {_written(field.type)};\n"


def _written(type_: inspect.Type) -> str:
    match type_:
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.StrType():
            return "string"
        case inspect.BoolType():
            return "boolean"
        case inspect.NoneType():
            return "null"
        case inspect.LiteralType(values=values):
            return " | ".join(repr(value) for value in values)
        case inspect.StructType(cls=struct):
            return struct.__name__
        case inspect.UnionType(types=types):
            return "(" + " | ".join(_written(one) for one in types) + ")"
        case inspect.ListType(item_type=item):
            return f"Array<{_written(item)}>"
        case inspect.TupleType(item_types=items):
            return "[" + ", ".join(_written(item) for item in items) + "]"
        case inspect.VarTupleType(item_type=item):
            return f"Array<{_written(item)} | undefined>"
        case inspect.DictType(key_type=key, value_type=value):
            return f"Record<{_written(key)}, {_written(value)}>"
    raise TypeError(f"{type_} has no counterpart here yet")
