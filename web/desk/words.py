"""What codes are called on the pages of the desk, marked for the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layouts.i18n import N_, Locale

ROLE_NAMES = {"viewer": N_("consulta"), "editor": N_("edición"), "administrator": N_("administración")}
SEVERITIES = {"error": N_("error"), "warning": N_("advertencia"), "notice": N_("aviso")}
ACTS = {
    "sign_in": N_("entrar"),
    "sign_out": N_("salir"),
    "upload": N_("cargar archivo"),
    "check": N_("revisar archivo"),
    "publish": N_("publicar"),
    "undo": N_("deshacer importación"),
    "letters": N_("descargar cartas"),
    "account_add": N_("agregar cuenta"),
    "account_password": N_("cambiar contraseña"),
    "account_disable": N_("cerrar cuenta"),
    "account_link": N_("ligar identidad"),
    "account_unlink": N_("desligar identidad"),
}
RESULTS = {
    "done": N_("hecho"),
    "refused": N_("rechazado"),
    "too_many": N_("demasiados intentos"),
    "errors": N_("con errores"),
    "warnings": N_("con advertencias sin aceptar"),
    "failed": N_("falló"),
    "begun": N_("empezado"),
    "changed": N_("la ronda había cambiado"),
}
DETAILS = {
    "round": N_("ronda"),
    "release": N_("versión"),
    "accepted_warnings": N_("advertencias aceptadas"),
    "bytes": N_("bytes"),
    "account": N_("cuenta"),
    "by": N_("por"),
    "reason": N_("motivo"),
    "subject": N_("identidad"),
}
REASONS = {
    "busy": N_("otra publicación en marcha"),
    "changed": N_("la ronda había cambiado"),
    "nothing_to_undo": N_("nada que deshacer"),
    "disk": N_("el servidor no pudo leer o escribir sus archivos"),
    "release": N_("la versión no pasó sus comprobaciones"),
    "sources": N_("una fuente no se pudo leer"),
    "slow": N_("tardó demasiado"),
    "ended": N_("el proceso terminó a la mitad"),
    "unreachable": N_("el proveedor de identidad no responde"),
    "discovery": N_("lo que ofrece el proveedor de identidad no es seguro"),
    "denied": N_("el proveedor de identidad no permitió entrar"),
    "state": N_("la respuesta no es de la entrada que se pidió"),
    "issuer": N_("la respuesta es de otro proveedor de identidad"),
    "token": N_("el proveedor de identidad no confirmó la entrada"),
    "id_token": N_("la identidad no está firmada como debe"),
    "no_account": N_("ninguna cuenta tiene esa identidad"),
}
INDICATORS = {
    "response": N_("Organismos que respondieron"),
    "without_exercises": N_("Sin ejercicios, de los que respondieron"),
    "latest_active": N_("Con el ejercicio más reciente activo"),
    "guarantor_convener": N_("El organismo garante convoca"),
    "civil_society_promoter": N_("La sociedad civil promueve"),
    "judiciary": N_("Participa el Poder Judicial"),
    "legislature": N_("Participa el Poder Legislativo"),
    "municipal": N_("Participan municipios"),
    "action_plan": N_("Compromisos en un plan de acción"),
}
PHASES = {
    "": N_("empezar"),
    "read": N_("Leer el archivo"),
    "check": N_("Revisar las respuestas"),
    "compare": N_("Ver qué cambiaría"),
    "mark": N_("Escribir el informe"),
    "sources": N_("Leer y verificar las fuentes"),
    "write": N_("Escribir la versión"),
    "verify": N_("Comprobar la versión"),
    "undo": N_("Volver a lo publicado antes"),
}


def how_far(locale: Locale, progress: Mapping[str, Any]) -> dict[str, Any]:
    """How far an act is, in words: its ``phase``, and its ``percent`` as a number and as it is ``shown``."""
    phase = locale.text("Trabajando: {phase}", phase=locale.text(PHASES.get(progress["phase"], PHASES[""])))
    return {"phase": phase, "percent": progress["percent"], "shown": locale.percent(progress["percent"] / 100)}


def bodies(locale: Locale, number: int) -> str:
    """How many bodies: ``1 organismo``, ``9 organismos``."""
    return locale.plural("{n} organismo", "{n} organismos", number)


def counted(locale: Locale, number: int, severity: str) -> str:
    """How many of a severity: ``1 error``, ``2 advertencias``."""
    if severity == "error":
        return locale.plural("{n} error", "{n} errores", number)
    if severity == "warning":
        return locale.plural("{n} advertencia", "{n} advertencias", number)
    return locale.plural("{n} aviso", "{n} avisos", number)
