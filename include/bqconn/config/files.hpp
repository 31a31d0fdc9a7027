// Reads the files that settings name. The one place of the config area that touches the file
// system.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// In bytes. Nothing that we read is larger.
inline constexpr std::size_t largest_file = 1024 * 1024;

struct ReadOptions {
    bool secret = false;          // the file holds credentials: refuse it if others can get at it
    bool allow_insecure = false;  // --allow-insecure-files: do not refuse it
};

// Throws Error (ExitCode::config): "config.file_missing", "config.file_unreadable" (with the
// system's reason), "config.file_too_large", "config.file_not_regular" (a folder, a disk, a
// socket), "config.file_too_open" (with the mode and the chmod to run).
//
// A pipe, a terminal and /dev/stdin are read up to their end; opening a pipe waits for its writer.
// Everything is judged on the open descriptor, so a file swapped meanwhile changes nothing. Too
// open is a regular file that the group or others may read or write; pipes, and what the shell
// has opened for us (/dev/stdin, /dev/fd/N), are not ours to judge.
Secret read_file(const std::string& path, const ReadOptions& options = {});

// As read_file, but none if there is no such file.
std::optional<Secret> read_file_if_exists(const std::string& path, const ReadOptions& options = {});

// Standard input up to its end, with the same limit. `what` names the setting, for messages.
Secret read_stream(std::istream& in, const std::string& what);

// A secret as it stands in a file or on standard input: one trailing newline (\n or \r\n) is
// dropped.
Secret drop_trailing_newline(const Secret& text);

}  // namespace bqconn::config
