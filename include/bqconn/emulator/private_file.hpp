// A log that contains secrets: mode 0600 regardless of the umask; symbolic links are not followed.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace bqconn::emulator {

// An append-only file of lines that starts empty.
class PrivateLog {
  public:
    // Throws Error.
    explicit PrivateLog(const std::string& path);
    PrivateLog(const PrivateLog&) = delete;
    PrivateLog& operator=(const PrivateLog&) = delete;
    ~PrivateLog();

    // Thread-safe; the line is in the file on return. False if it could not be written.
    bool add_line(std::string_view line);

  private:
    std::mutex mutex_;
    int file_;
};

}  // namespace bqconn::emulator
