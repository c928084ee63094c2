"""Base classes of what the API takes and gives: camelCase outside, snake_case inside; unknown fields are refused."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from chalicelib.core.errors import FieldError, Invalid


class Body(BaseModel):
    """The body of a request: its JSON body, or its query. Built at its first use: a cold start uses two models of forty."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)

    @field_validator("*", mode="before")
    @classmethod
    def _keep_types(cls, value: object, info: ValidationInfo) -> object:
        """Pydantic reads true as 1 and "yes" as true; in JSON each type is its own, and a form holds text only."""
        wanted = _types_of(cls.model_fields[str(info.field_name)].annotation)
        if bool in wanted and not isinstance(value, bool):
            raise ValueError("yes_or_no")
        if int in wanted and isinstance(value, bool | str if info.context == JSON else bool):
            raise ValueError("not_a_number")
        return value

    @classmethod
    def schemas(cls) -> dict[str, dict[str, Any]]:
        """Return JSON schemas by name, for the API's description, where the fields alone do not tell all; by default none."""
        return {}

    @classmethod
    def examples(cls) -> dict[str, dict[str, Any]]:
        """Return valid examples by name, for the API's description; by default one, of the fields' own examples."""
        fields = cls.model_fields.items()
        return {"example": {field.alias or name: field.examples[0] for name, field in fields if field.examples is not None}}


class Out(BaseModel):
    """The body of an answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, defer_build=True)

    def content(self) -> dict[str, Any]:
        """Return the JSON values."""
        return self.model_dump(mode="json", by_alias=True)


def reference_to(name: str) -> dict[str, Any]:
    """Return the place of a named schema in the API's description."""
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(names: Mapping[str, str], told_by: str, description: str) -> dict[str, Any]:
    """Return the schema of one of several bodies: `names` are those of their schemas, by the value of the field `told_by`."""
    references = {value: reference_to(name) for value, name in names.items()}
    mapping = {value: reference["$ref"] for value, reference in references.items()}
    discriminator = {"propertyName": told_by, "mapping": mapping}
    return {"description": description, "oneOf": list(references.values()), "discriminator": discriminator}


B = TypeVar("B", bound=Body)
JSON = "json"


def _types_of(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


# pydantic's error types → our sentences; what is not listed is told as `wrong_value`.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "required",
    "string_too_long": "too_long",
    "string_type": "not_text",
    "int_type": "not_a_number",
    "int_parsing": "not_a_number",
    "int_from_float": "not_a_number",
    "greater_than_equal": "too_low",
    "less_than_equal": "too_high",
    "bool_type": "yes_or_no",
    "bool_parsing": "yes_or_no",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "date_type": "date_format",
    "date_parsing": "date_format",
    "date_from_datetime_parsing": "date_format",
    "date_from_datetime_inexact": "date_format",
    "model_type": "not_an_object",
    "dict_type": "not_an_object",
    "list_type": "not_a_list",
}


def parse(model: type[B], raw: object, source: str = "text") -> B:
    """Read untrusted input as `model`. Raises Invalid with every bad field at once; what was typed is never repeated.

    `source` is JSON where numbers came as numbers; a form and a query hold text.
    """
    try:
        return model.model_validate(raw, context=source)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise Invalid([_field_error(detail) for detail in details]) from None


def _field_error(detail: Mapping[str, Any]) -> FieldError:
    context = detail.get("ctx", {})
    values = {"most": context.get("max_length", context.get("le")), "least": context.get("ge")}
    name = ".".join(str(part)[:60] for part in detail["loc"])
    if detail["type"] == "value_error":  # our own validators raise ValueError with the code of a sentence
        return FieldError(name, str(context["error"]))
    return FieldError(name, _CODES.get(detail["type"], "wrong_value"), {k: v for k, v in values.items() if v is not None})
