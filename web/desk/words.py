"""What codes are called on the pages of the desk."""

from __future__ import annotations

ROLE_NAMES = {"viewer": "consulta", "editor": "edición", "administrator": "administración"}
SEVERITIES = {"error": "error", "warning": "advertencia", "notice": "aviso"}
ACTS = {
    "sign_in": "entrar",
    "sign_out": "salir",
    "upload": "cargar archivo",
    "check": "revisar archivo",
    "publish": "publicar",
    "undo": "deshacer importación",
    "letters": "descargar cartas",
    "account_add": "agregar cuenta",
    "account_password": "cambiar contraseña",
    "account_disable": "cerrar cuenta",
}
RESULTS = {
    "done": "hecho",
    "refused": "rechazado",
    "too_many": "demasiados intentos",
    "errors": "con errores",
    "warnings": "con advertencias sin aceptar",
    "failed": "falló",
}
INDICATORS = {
    "response": "Organismos que respondieron",
    "without_exercises": "Sin ejercicios, de los que respondieron",
    "latest_active": "Con el ejercicio más reciente activo",
    "guarantor_convener": "El organismo garante convoca",
    "civil_society_promoter": "La sociedad civil promueve",
    "judiciary": "Participa el Poder Judicial",
    "legislature": "Participa el Poder Legislativo",
    "municipal": "Participan municipios",
    "action_plan": "Compromisos en un plan de acción",
}


def counted(number: int, severity: str) -> str:
    """How many of a severity: ``1 error``, ``2 advertencias``."""
    name = SEVERITIES[severity]
    if number == 1:
        return f"1 {name}"
    return f"{number:,} {name}{'es' if name.endswith('r') else 's'}"
