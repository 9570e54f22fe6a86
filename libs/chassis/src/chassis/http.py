"""At the edge: repeats get the first answer, unchanged reads get 304, refusals become RFC 9457 problem documents."""

import hashlib
import re
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from chassis import errors
from chassis.errors import Refusal
from chassis.idempotency import Answered, Once
from chassis.openapi import MEDIA_TYPE

log = structlog.get_logger()

STATUS: dict[type[Refusal], int] = {
    errors.BadRequest: 400,
    errors.Invalid: 422,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "5"}, 503: {"Retry-After": "5"}}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CACHING = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
# Connections, resources, an operator stepping in, deadlocks, locks, a read-only disk: the database, not the request.
PASSING = ("08", "53", "57", "40", "55P03", "25006", "58")


class Route(APIRoute):
    """An endpoint that honours Idempotency-Key on POST and If-None-Match on GET."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def at_the_edge(request: Request) -> Response:
            if request.method == "GET":
                return _unless_known(request, await handle(request))
            key = request.headers.get("idempotency-key")
            if request.method != "POST" or key is None:
                return await handle(request)
            once = Once(request, key)
            request.state.on_begin = [once.begin]
            try:
                response = await handle(request)
            except Answered as earlier:
                return earlier.response
            # Still before the commit: FastAPI ends the transaction after this function.
            await once.end(response)
            return response

        return at_the_edge


def router(prefix: str = "", tags: list[str] | None = None) -> APIRouter:
    return APIRouter(prefix=prefix, tags=[*(tags or [])], route_class=Route)


def private_router(prefix: str = "", tags: list[str] | None = None) -> APIRouter:
    """For answers that hold a secret: nothing keeps them, neither a cache nor the memory of Idempotency-Keys."""
    return APIRouter(prefix=prefix, tags=[*(tags or [])], dependencies=[Depends(_never_stored)])


async def _never_stored(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


def install(app: FastAPI) -> None:
    app.exception_handler(Refusal)(refused)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(HTTPException)(_not_served)
    app.exception_handler(DBAPIError)(_database_failed)
    for outage in (OperationalError, InterfaceError, PoolTimeoutError, OSError):
        app.exception_handler(outage)(_unavailable)


def problem(status: int, code: str, detail: str, **more: object) -> JSONResponse:
    """An RFC 9457 problem document; `code` is stable, `detail` a sentence a member can read."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
    }
    return JSONResponse(body | more, status, HEADERS.get(status), media_type=MEDIA_TYPE)


def broken(error: Exception) -> JSONResponse:
    log.error("broken", exc_info=error)
    return problem(500, "internal", "Something went wrong on our side.")


def _unless_known(request: Request, response: Response) -> Response:
    if response.status_code != HTTPStatus.OK or not hasattr(response, "body"):
        return response
    etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or known == ["*"]:
        return Response(status_code=304, headers={"ETag": etag} | CACHING)
    response.headers.update({"ETag": etag} | CACHING)
    return response


def refused(_: Request, refusal: Refusal) -> JSONResponse:
    status = next(code for category, code in STATUS.items() if isinstance(refusal, category))
    answer = problem(status, refusal.code, str(refusal))
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def _malformed(_: Request, error: RequestValidationError) -> JSONResponse:
    # Every dependency that reads the body finds the same mistakes in it: each is told once.
    wrong = {(tuple(map(_speakable, each["loc"])), each["msg"]): None for each in error.errors()}
    told = [{"at": list(place), "why": why} for place, why in wrong]
    return problem(422, "invalid", errors.Invalid.sentence, errors=told)


def _speakable(step: str | int) -> str | int:
    # A field's name may be half a surrogate pair, which no answer can hold.
    return step if isinstance(step, int) else step.encode(errors="replace").decode()


def _not_served(request: Request, error: HTTPException) -> JSONResponse:
    answer = problem(error.status_code, re.sub(r"\W+", "_", error.detail).lower().strip("_"), error.detail)
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(_allowed(request))
    return answer


def _allowed(request: Request) -> list[str]:
    # Starlette names the methods of one route, but several may share an address.
    def takes(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    taken = [method for method in METHODS if takes(method)]
    return ["HEAD", *taken] if "GET" in taken else taken


def _database_failed(request: Request, error: DBAPIError) -> JSONResponse:
    if str(getattr(error.orig, "sqlstate", "")).startswith(PASSING):
        return _unavailable(request, error)
    return broken(error)


def _unavailable(request: Request, error: Exception) -> JSONResponse:
    log.warning("database_away", path=request.url.path, error=repr(error))
    return refused(request, errors.Unavailable())
