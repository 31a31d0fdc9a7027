// Files that hold secrets: mode 0600 whatever the umask, and never through a symbolic link.
#pragma once

#include <string>
#include <string_view>

namespace bqconn {

// Whether the file is to be there after a power cut too, which takes some milliseconds.
enum class Durable { no, yes };

// Replaces `path` in one step, so that a reader sees the old file or the whole new one. Throws
// Error (config, "config.file_unwritable").
void write_private_file(const std::string& path, std::string_view text,
                        Durable durable = Durable::no);

// Makes the folder, with mode 0700, and those above it, where they are missing. Throws Error
// (config, "config.file_unwritable").
void make_private_folder(const std::string& path);

// Writes all of it; false if that cannot be done (errno says why).
bool write_all(int file, std::string_view text);

}  // namespace bqconn
