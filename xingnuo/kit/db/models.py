"""The base of every table about a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from xingnuo.kit import ids


class SubjectManager[M: models.Model](models.Manager[M]):
    """A manager that reads one subject's rows: there is no `all()` over people."""

    def of(self, subject_id: UUID) -> models.QuerySet[M]:
        """Give the rows of one subject, in the order they were made."""
        return super().get_queryset().filter(subject_id=subject_id).order_by("id")

    def all(self) -> models.QuerySet[M]:
        """Refuse: rows about people are read one subject at a time."""
        raise TypeError("name the subject: objects.of(subject_id)")


class NamedTypeField(models.Field):  # type: ignore[type-arg]
    """A column of a database type that Django has no field for."""

    def __init__(self, type_name: str, **options: Any) -> None:
        self.type_name = type_name
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Tell migrations how to make the field again."""
        name, path, _, options = super().deconstruct()
        return name, path, [self.type_name], options

    def db_type(self, connection: Any) -> str:
        """Name the column type."""
        return self.type_name


class SubjectModel(models.Model):
    """A row about one person; the database key is (subject_id, id), ids are UUIDv7.

    Personal values never stand here: they live in the vault under the row's id as slot.
    """

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    subject_id = models.UUIDField(editable=False)

    objects: ClassVar[SubjectManager[Any]] = SubjectManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Insert the row, or update it without ever writing the distribution column."""
        if not self._state.adding and update_fields is None:
            skip = {"id", "subject_id"}
            update_fields = [f.name for f in self._meta.concrete_fields if f.name not in skip]
        super().save(*args, update_fields=update_fields, **kwargs)
