"""What each release changed against the one before, and what the changes are about."""

from __future__ import annotations

from data.schema.columns import col, table

changes = table(
    "changes",
    "Cambios",
    "Changes",
    "Una fila agregada, retirada o una celda cambiada entre dos versiones.",
    "A row added or removed, or a cell changed, between two releases.",
    col("change_id", "Cambio", "Change", "Identificador del cambio.", "Identifier of the change.", key=True),
    col(
        "release_id",
        "Versión",
        "Release",
        "Versión que trajo el cambio.",
        "Release that brought the change.",
        required=True,
    ),
    col(
        "changed_at", "Cuándo", "When", "Cuándo se publicó.", "When it was published.", kind="timestamp", required=True
    ),
    col("table_name", "Tabla", "Table", "Tabla.", "Table.", required=True),
    col("row_key", "Fila", "Row", "Clave de la fila.", "Key of the row.", required=True),
    col(
        "kind",
        "Clase",
        "Kind",
        "Agregada, retirada o cambiada.",
        "Added, removed or changed.",
        required=True,
        enum="change_kind",
    ),
    col("column_name", "Columna", "Column", "Columna que cambió.", "Column that changed."),
    col("old", "Antes", "Before", "Valor anterior.", "Earlier value."),
    col("new", "Después", "After", "Valor nuevo.", "New value."),
    subject="provenance",
    facts=False,
)

change_subjects = table(
    "change_subjects",
    "De qué tratan los cambios",
    "Subjects of changes",
    "La entidad, el plan o el compromiso del que trata un cambio; un cambio puede tener varios.",
    "The state, plan or commitment that a change is about; a change may have several.",
    col("change_id", "Cambio", "Change", "Cambio.", "Change.", key=True, refers="changes.change_id"),
    col(
        "subject_kind",
        "Clase",
        "Kind",
        "Entidad, plan o compromiso.",
        "State, plan or commitment.",
        key=True,
        enum="change_subject",
    ),
    col(
        "subject_id",
        "De qué trata",
        "Subject",
        "Clave de la entidad, del plan o del compromiso, como era o como es.",
        "Code of the state, or identifier of the plan or commitment, as it was or is.",
        key=True,
    ),
    subject="provenance",
    facts=False,
)
