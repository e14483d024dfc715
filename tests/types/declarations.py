"""What the server writes, as declarations of TypeScript: from the structs themselves."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import NODEFAULT, Struct, inspect


def declared(structs: Iterable[type[Struct]]) -> str:
    """One `export type` for each struct, under its own name."""
    return "\n".join(_declaration(struct) for struct in structs)


def _declaration(struct: type[Struct]) -> str:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    omits = struct.__struct_config__.omit_defaults
    fields = "".join(
        f"  {field.encode_name}{'' if _is_always_there(field, omits) else '?'}: {_written(field.type)};\n"
        for field in info.fields
    )
    # Messages that the page makes itself have no tag.
    tag = f"  {info.tag_field}?: {info.tag!r};\n" if info.tag_field else ""
    return f"export type {struct.__name__} = {{\n{tag}{fields}}};"


def _is_always_there(field: inspect.Field, omits: bool) -> bool:
    """Only what is unset is left out, and with `omits` what has its default; `inspect` knows no default of the former."""
    return field.required or (field.default is not NODEFAULT and not omits)


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
