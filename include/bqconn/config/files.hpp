// Reads the files that settings name. The one place of the config area that touches the file system.
#pragma once

#include <istream>
#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// Nothing that we read is larger.
inline constexpr std::size_t largest_file = 1024 * 1024;

// Throws Error (ExitCode::config): "config.file_missing", "config.file_unreadable" (with the system's reason and what
// to do), "config.file_too_large", "config.file_not_regular" (a folder). A pipe (process substitution) is read.
Secret read_file(const std::string& path);

// As read_file, but none if there is no such file.
std::optional<Secret> read_file_if_exists(const std::string& path);

// Standard input up to its end, with the same limit. `what` names the setting, for messages.
Secret read_stream(std::istream& in, const std::string& what);

// A secret as it stands in a file or on standard input: one trailing newline (\n or \r\n) is dropped.
Secret drop_trailing_newline(const Secret& text);

}  // namespace bqconn::config
