# SPDX-License-Identifier: Apache-2.0
"""duck.py - DuckDB itself, through its C library: what the lake is measured beside."""
import ctypes


class Result(ctypes.Structure):
    """duckdb_result: only its size matters here."""
    _fields_ = [("fields", ctypes.c_uint64 * 6)]


class Duck:
    """A database in memory; statements give rows of texts."""

    def __init__(self, library, threads=1):
        self.lib = ctypes.CDLL(str(library))
        self.lib.duckdb_value_varchar.restype = ctypes.c_void_p
        self.lib.duckdb_column_count.restype = ctypes.c_uint64
        self.lib.duckdb_row_count.restype = ctypes.c_uint64
        self.lib.duckdb_result_error.restype = ctypes.c_char_p
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        if (self.lib.duckdb_open(None, ctypes.byref(self.database)) or
                self.lib.duckdb_connect(self.database, ctypes.byref(self.connection))):
            raise RuntimeError("DuckDB does not open")
        self.ask(f"SET threads = {threads}")

    def ask(self, sql):
        result = Result()
        at = ctypes.byref(result)
        if self.lib.duckdb_query(self.connection, sql.encode(), at):
            raise RuntimeError(self.lib.duckdb_result_error(at).decode())
        rows = [[self.text(at, row, column) for column in range(self.lib.duckdb_column_count(at))]
                for row in range(self.lib.duckdb_row_count(at))]
        self.lib.duckdb_destroy_result(at)
        return rows

    def text(self, at, row, column):
        value = self.lib.duckdb_value_varchar(at, ctypes.c_uint64(column), ctypes.c_uint64(row))
        if not value:
            return None
        text = ctypes.string_at(value).decode(errors="replace")
        self.lib.duckdb_free(ctypes.c_void_p(value))
        return text
