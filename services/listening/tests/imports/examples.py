"""A row of each kind of file, as it is written."""

EXTENDED = {
    "ts": "2021-11-18T20:14:03Z",
    "platform": "iOS 15.1 (iPhone13,2)",
    "ms_played": 262_000,
    "conn_country": "DE",
    "ip_addr": "203.0.113.7",
    "master_metadata_track_name": "A Case of You",
    "master_metadata_album_artist_name": "Joni Mitchell",
    "master_metadata_album_album_name": "Blue",
    "spotify_track_uri": "spotify:track:0MZsHPhoVDkmEsvYFX4Adb",
    "episode_name": None,
    "episode_show_name": None,
    "spotify_episode_uri": None,
    "audiobook_title": None,
    "audiobook_uri": None,
    "audiobook_chapter_uri": None,
    "audiobook_chapter_title": None,
    "reason_start": "trackdone",
    "reason_end": "trackdone",
    "shuffle": False,
    "skipped": False,
    "offline": False,
    "offline_timestamp": None,
    "incognito_mode": False,
}
EPISODE = {
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
    "spotify_track_uri": None,
    "episode_name": "The Hissing of Summer Lawns",
    "episode_show_name": "Strong Songs",
    "spotify_episode_uri": "spotify:episode:4rOoJ6Egrf8K2IrywzwOMk",
}
ACCOUNT = {"endTime": "2021-01-31 22:10", "artistName": "Joni Mitchell", "trackName": "Carey", "msPlayed": 182_000}
LISTENBRAINZ = {
    "listened_at": 1_443_521_965,
    "recording_msid": "fd0c1b1c-7d40-4d5f-9f6e-2d5b1a0e7c11",
    "user_name": "wren",
    "track_metadata": {
        "artist_name": "Rick Astley",
        "track_name": "Never Gonna Give You Up",
        "release_name": "Whenever You Need Somebody",
        "additional_info": {"duration_ms": 212_000, "recording_mbid": "98255a8c-017a-4bc7-8dd6-1fa36124572b"},
        "mbid_mapping": {"artists": [{"artist_mbid": "db92a151", "artist_credit_name": "Rick Astley"}]},
    },
}
SCROBBLE = {
    "artist": {"mbid": "63aa26c3-d59b-4da4-84ac-716b54f1ef4d", "#text": "Tame Impala"},
    "album": {"mbid": "", "#text": "Lonerism"},
    "name": "Feels Like We Only Go Backwards",
    "mbid": "",
    "date": {"uts": "1603188238", "#text": "20 Oct 2020, 10:03"},
    "streamable": "0",
    "url": "https://www.last.fm/music/Tame+Impala/_/Feels+Like+We+Only+Go+Backwards",
    "image": [{"size": "small", "#text": ""}],
}
MALOJA = {
    "time": 1_650_000_000,
    "track": {
        "artists": ["Robert Plant", "Alison Krauss"],
        "title": "Please Read the Letter",
        "album": {"artists": ["Robert Plant"], "albumtitle": "Raising Sand"},
        "length": 353,
    },
    "duration": 200,
    "origin": "client:default",
}
GHAN = (
    "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
    '"1603188238","20 Oct 2020, 10:03","Tyler, The Creator","","IGOR","","EARFQUAKE",""\n'
    '"1603188000","20 Oct 2020, 10:00","Tame Impala","","","","Elephant",""\n'
)
BENJAMIN = '"Sigur Rós",( ),Untitled 4,"20 Oct 2020 10:03"\nTame Impala,Lonerism,"""Elephant""",20 Oct 2020 10:00\n'
