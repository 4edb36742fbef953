"""The HTTP API: what the pages can do, for programs.

Rule of this room: the services decide; here is only how a program asks, and how it is told. A token opens it, a cookie
never does. `docs/api.md` is for those who use it.
"""
