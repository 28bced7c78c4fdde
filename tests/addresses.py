"""Addresses of the site that tests of every page open."""

from __future__ import annotations

# One address for each kind of page, and those that show what is missing.
ADDRESSES = {
    "/": "/",
    "/plan-nacional": "/plan-nacional",
    "/plan-nacional/<commitment_id>": "/plan-nacional/MX0075",
    "/actores": "/actores",
    "/actores/<actor_id>": "/actores/secretaria-de-la-funcion-publica",
    "/estados": "/estados",
    "/estados/<state_code>": "/estados/14",
    "/ogp-local": "/ogp-local",
    "/ogp-local/<locality_id>": "/ogp-local/mx-jalisco",
    "/comparar": "/comparar",
    "/buscar": "/buscar?q=jalisco",
    "/cambios": "/cambios",
    "/fuentes": "/fuentes",
    "/fuentes/<source_id>": "/fuentes/national_board",
    "/metodologia": "/metodologia",
    "/diagnostico": "/diagnostico",
    "/diagnostico/autenticidad": "/diagnostico/autenticidad",
    "/diagnostico/calidad": "/diagnostico/calidad",
    "/diagnostico/cobertura": "/diagnostico/cobertura",
    "/diagnostico/encuesta": "/diagnostico/encuesta",
    "/datos": "/datos",
    "/datos/<dataset>": "/datos/states",
    "/datos/api": "/datos/api",
    "/verificar": "/verificar?conjunto=commitments&consulta=country_code%3DMX",
}
# A filter of each page that has some: the control, the value to choose, and what the address then says.
FILTERS = {
    "/plan-nacional": ("plan", "MX-P2", "plan=MX-P2"),
    "/estados": ("capa", "secretariado", "capa=secretariado"),
    "/actores": ("tipo", "civil_society", "tipo=civil_society"),
    "/comparar": ("que", "estados", "que=estados"),
    "/ogp-local": ("pais", "MX", "pais=MX"),
}
