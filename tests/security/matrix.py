"""Who may do what, by hand: `y` is let through, `1` told to sign in (401), `3` told no (403), `-` finds no address.

Deleting oneself is told no to all of them: it is for browsers, and these people come with tokens.

The columns: nobody; a user whose the thing is, or who speaks for themself; another user; a bot, a worker; a host of the
club; an admin; and a service that calls the service itself, past the gateway.
"""

CALLERS = ("nobody", "user", "other", "bot", "worker", "host", "admin", "service")

TABLE = """
GET    /auth/session                                       yyyyyyyy
POST   /auth/logout                                        yyyyyyyy
POST   /auth/register                                      yyyyyyyy
POST   /auth/login                                         yyyyyyyy
POST   /auth/token                                         yyyyyyyy
POST   /auth/password                                      1yy33y33
GET    /auth/discord/login                                 yyyyyyyy
GET    /auth/spotify/login                                 yyyyyyyy
GET    /auth/discord/callback                              yyyyyyyy
GET    /auth/spotify/callback                              yyyyyyyy
GET    /auth/lastfm/callback                               yyyyyyyy
POST   /auth/discord/link                                  1yy33y33
POST   /auth/spotify/link                                  1yy33y33
POST   /auth/lastfm/link                                   1yy33y33
POST   /auth/listenbrainz/link                             1yy33y33
GET    /users/me/sessions                                  1yy33y33
DELETE /users/me/sessions                                  1yy33y33
DELETE /users/me/sessions/{session_id}                     1yy33y33
POST   /users/me/keys                                      1yy33y33
GET    /users/me/keys                                      1yy33y33
DELETE /users/me/keys/{key_id}                             1yy33y33
POST   /api/auth                                           1yy33y33
GET    /users/me/links                                     1yy33y33
DELETE /users/me/links/{provider}                          1yy33y33
GET    /users/me/blocks                                    1yy33y33
PATCH  /users/me                                           1yy33y33
DELETE /users/me                                           13333333
POST   /users/me/export                                    1yy33y33
GET    /users/me/export                                    1yy33y33
GET    /users/me/export/archive                            1yy33y33
GET    /feed                                               1yy33y33
PUT    /users/{user_id}/follow                             1yy33y33
DELETE /users/{user_id}/follow                             1yy33y33
PUT    /users/{user_id}/block                              1yy33y33
DELETE /users/{user_id}/block                              1yy33y33
GET    /users/{user_id}/followers                          yyyyyyyy
GET    /users/{user_id}/following                          yyyyyyyy
GET    /users/{user_id}/activity                           yyyyyyyy
GET    /users/search                                       yyyyyyyy
GET    /users/{user_id}                                    yyyyyyyy
PUT    /users/discord/{snowflake}                          133y33y3
GET    /users/discord/{snowflake}                          333yy3yy
POST   /admin/keys                                         133333y3
GET    /admin/keys                                         133333y3
POST   /admin/keys/{key_id}/rotate                         133333y3
DELETE /admin/keys/{key_id}                                133333y3
POST   /admin/users/merge                                  133333y3
DELETE /admin/users/{user_id}                              133333y3
POST   /internal/principals                                -------y
POST   /internal/lastfm/calls                              -------y
POST   /internal/lastfm/tokens                             -------y
POST   /internal/lastfm/sessions                           -------y
POST   /internal/users                                     3333333y
POST   /internal/users/adopt                               3333333y
GET    /internal/users/{user_id}                           3333333y
POST   /internal/users/{user_id}/tokens/{provider}         1333y3yy
POST   /music/albums                                       133y33y3
GET    /music/albums/{album_id}                            yyyyyyyy
PATCH  /music/albums/{album_id}                            133y33y3
GET    /music/albums/{album_id}/tracks                     yyyyyyyy
GET    /music/artists/{artist_id}                          yyyyyyyy
GET    /music/tracks/{track_id}                            yyyyyyyy
GET    /music/genres                                       yyyyyyyy
GET    /music/genres/{name}                                yyyyyyyy
GET    /music/search                                       yyyyyyyy
POST   /music/resolve                                      yyyyyyyy
POST   /music/tracks/ensure                                133y33yy
POST   /listens/bulk                                       1yy3yyy3
GET    /users/{user_id}/listens/recent                     yyyyyyyy
GET    /users/{user_id}/listens/{listen}/why               yyyyyyyy
GET    /users/{user_id}/summary                            yyyyyyyy
GET    /users/{user_id}/timeline                           yyyyyyyy
GET    /users/{user_id}/heatmap                            yyyyyyyy
GET    /users/{user_id}/streaks                            yyyyyyyy
GET    /users/{user_id}/milestones                         yyyyyyyy
GET    /users/{user_id}/now-playing                        yyyyyyyy
GET    /users/{user_id}/albums/{album_id}/progress         yyyyyyyy
GET    /listens/weeks/{week_id}                            yyyyyyyy
GET    /users/{user_id}/taste                              yyyyyyyy
GET    /users/{user_id}/compatibility/{other_id}           yyyyyyyy
GET    /users/me/listens/quarantined                       1yy33y33
DELETE /users/me/listens/{listen}                          1yy33y33
PATCH  /users/me/listens/{listen}                          1yy33y33
POST   /users/me/listens/{listen}/split                    1yy33y33
POST   /users/me/listens/{listen}/merge                    1yy33y33
POST   /listens/import                                     1yy33y33
GET    /listens/imports/{import_id}                        1yy33y33
GET    /users/me/sync                                      1yy33y33
POST   /users/me/sync                                      1yy33y33
POST   /internal/sync/lease                                1333y3y3
POST   /internal/sync/heartbeat                            1333y3y3
POST   /internal/sync/complete                             1333y3y3
POST   /internal/sync/fail                                 1333y3y3
GET    /admin/albums/{album_id}/merge                      133333y3
POST   /admin/albums/{album_id}/merge                      133333y3
POST   /admin/albums/{album_id}/undo                       133333y3
GET    /admin/artists/{artist_id}/merge                    133333y3
POST   /admin/artists/{artist_id}/merge                    133333y3
POST   /admin/artists/{artist_id}/undo                     133333y3
POST   /internal/albums                                    3333333y
POST   /internal/albums/adopt                              3333333y
GET    /internal/albums/{album_id}                         3333333y
POST   /club/weeks                                         133y3yy3
GET    /club/weeks                                         yyyyyyyy
PATCH  /club/weeks/{week_id}                               133y3yy3
GET    /club/weeks/{week_id}                               yyyyyyyy
GET    /club/weeks/current                                 yyyyyyyy
GET    /club/weeks/number/{number}                         yyyyyyyy
POST   /club/weeks/{week_id}/advance                       133y3yy3
GET    /club/schedule                                      yyyyyyyy
POST   /club/weeks/{week_id}/winner                        133y3yy3
POST   /club/weeks/{week_id}/nominations                   1yyy3yy3
GET    /club/weeks/{week_id}/nominations                   yyyyyyyy
DELETE /club/weeks/{week_id}/nominations/{nomination_id}   1y3y3yy3
POST   /club/weeks/{week_id}/votes                         1yyy3yy3
GET    /club/weeks/{week_id}/votes/summary                 yyyyyyyy
PUT    /club/weeks/{week_id}/ballots/{user}                1y3y33y3
GET    /club/weeks/{week_id}/ballots/{user}                1y3y3yy3
GET    /club/weeks/{week_id}/ballots/{user}/receipt        1y3y3yy3
GET    /club/weeks/{week_id}/result                        yyyyyyyy
POST   /club/weeks/{week_id}/ratings                       1yyy3yy3
GET    /club/weeks/{week_id}/ratings                       yyyyyyyy
GET    /club/weeks/{week_id}/ratings/summary               yyyyyyyy
GET    /club/weeks/{week_id}/ratings/{user}                3y3y3yy3
DELETE /club/weeks/{week_id}/ratings/{user}                1y3y3yy3
PUT    /club/members                                       133y3yy3
GET    /club/members                                       yyyyyyyy
PUT    /club/bars/{user}                                   133333y3
DELETE /club/bars/{user}                                   133333y3
POST   /club/bars                                          133333y3
GET    /club/bars                                          133333y3
POST   /club/bars/lift                                     133333y3
POST   /club/parse/nomination                              yyyyyyyy
POST   /club/parse/rating                                  yyyyyyyy
DELETE /club/messages/{message_id}                         133y3yy3
POST   /club/weeks/{week_id}/resync                        133y3yy3
GET    /club/stats                                         yyyyyyyy
GET    /club/members/{user}                                yyyyyyyy
GET    /club/albums                                        yyyyyyyy
POST   /club/imports                                       133y3yy3
GET    /club/imports                                       133y3yy3
GET    /club/imports/{import_id}                           133y3yy3
DELETE /club/imports/{import_id}                           133y3yy3
GET    /club/export                                        133333y3
PUT    /clubs/{slug}                                       133333y3
GET    /clubs/{slug}                                       yyyyyyyy
GET    /clubs                                              yyyyyyyy
POST   /clubs/{slug}/restore                               133333y3
GET    /admin/reviews                                      133333y3
POST   /admin/reviews/hide                                 133333y3
POST   /admin/reviews/restore                              133333y3
DELETE /admin/reviews/{rating_id}                          133333y3
POST   /admin/reviews/{rating_id}/restore                  133333y3
POST   /internal/members/privacy                           -------y
POST   /internal/listeners/privacy                         -------y
POST   /internal/tasters/privacy                           -------y
GET    /admin/audit                                        133333y3
PATCH  /admin/nominations/{nomination_id}                  133333y3
PATCH  /admin/nominations                                  133333y3
POST   /admin/weeks/{week_id}/override-winner              133333y3
"""


def expected() -> dict[str, dict[str, str]]:
    """By operation, what becomes of each caller."""
    rows = (line.split() for line in TABLE.strip().splitlines())
    return {f"{method} {path}": dict(zip(CALLERS, letters, strict=True)) for method, path, letters in rows}
