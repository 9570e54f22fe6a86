"""The address of a ListenBrainz server as people type it into their players, and the routes below it."""

from fastapi import APIRouter
from starlette.convertors import StringConvertor, register_url_convertor

from chassis.http import Route


class _Base(StringConvertor):
    """With `/1` and without, which the player adds, and with the whole address of where listens are sent to."""

    regex = r"(?:apis/listenbrainz/)?1(?:/submit-listens(?=/))?(?:/1)?"


register_url_convertor("listenbrainz", _Base())


def router() -> APIRouter:
    """It speaks another protocol than the rest: none of it is in the OpenAPI document, which would not describe it."""
    return APIRouter(prefix="/{base:listenbrainz}", route_class=Route, include_in_schema=False)
