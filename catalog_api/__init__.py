"""The face: HTTP, command line, pages and jobs. The only room that reads settings and commits."""
