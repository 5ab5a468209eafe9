"""The rehearsal world: stateful stand-ins of IMatch (IMWS), Flickr and Pixelfed on the loopback.

The stand-ins are witnesses. They follow what the three services really do (facts and recorded
answers), never what our own client wishes, and import nothing of the rest of `socials_lib`.

Rooms
    `server`    what every stand-in shares: HTTP server, request log, fault injection
    `seed`      plain records that describe a library; how a stand-in is filled
    `imws`      IMatch WebServices
    `flickr`    the Flickr API (REST, upload, replace, OAuth) and its web pages
    `pixelfed`  the Pixelfed API and its web pages
    `library`   the sample library (made by code, or from a person's own pictures)
    `world`     the three together in one process, with a side door
"""
