// Reads the files that settings name.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// In bytes.
inline constexpr std::size_t largest_file = 1024 * 1024;

struct ReadOptions {
    bool secret = false;          // the file holds credentials: refuse it if others can access it
    bool allow_insecure = false;  // --allow-insecure-files: do not refuse it
    // systemd's $CREDENTIALS_DIRECTORY: only the service can enter it, so its files may be readable
    // by the group. Empty: none.
    std::string_view credentials_directory = {};
    std::size_t largest = largest_file;  // in bytes
};

// Throws Error (ExitCode::config): "config.file_missing", "config.file_unreadable" (with the
// system's reason), "config.file_too_large", "config.file_not_regular" (a folder, a disk, a
// socket), "config.file_too_open" (with the mode and the chmod to run).
//
// A pipe, a terminal and /dev/stdin are read to the end; opening a pipe waits for its writer. All
// checks use the open descriptor, so swapping the file has no effect. A regular file is too open
// if the group or others may read or write it; pipes and files opened by the shell (/dev/stdin,
// /dev/fd/N) are not checked.
Secret read_file(const std::string& path, const ReadOptions& options = {});

// Like read_file(), but returns none if the file does not exist.
std::optional<Secret> read_file_if_exists(const std::string& path, const ReadOptions& options = {});

// Reads standard input to the end, with the same limit. `what` names the setting in messages.
Secret read_stream(std::istream& in, const std::string& what, std::size_t largest = largest_file);

bool file_exists(const std::string& path);

// Why a file is missing, if its path explains it: "~", "-", quotes around it, …
std::optional<connection::Finding> explain_missing(std::string_view path);

// The error for a file that does not exist. `source` is where the path came from; it may be empty
// if the path is shown. Do not show a path that may be a secret.
Error no_such_file(const std::string& path, const std::string& source, bool shown);

// A file's mode: "0644".
std::string octal(unsigned mode);

// Drops what editors and shells add to a value: a byte-order mark at its start and one newline (\n
// or \r\n) at its end.
Secret bare_value(const Secret& text);

}  // namespace bqconn::config
