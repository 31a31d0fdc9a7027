// Files that hold secrets: mode 0600 whatever the umask, and never through a symbolic link.
#pragma once

#include <string>
#include <string_view>

namespace bqconn {

// Replaces `path` in one step, so that a reader sees the old file or the whole new one. Throws
// Error (config).
void write_private_file(const std::string& path, std::string_view text);

// Writes all of it; false if that cannot be done (errno says why).
bool write_all(int file, std::string_view text);

}  // namespace bqconn
