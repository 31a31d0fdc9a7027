// A log that holds secrets: mode 0600 whatever the umask, and never through a symbolic link.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace bqconn::emulator {

// A file that lines are added to while we run. Begins empty.
class PrivateLog {
  public:
    // Throws Error.
    explicit PrivateLog(const std::string& path);
    PrivateLog(const PrivateLog&) = delete;
    PrivateLog& operator=(const PrivateLog&) = delete;
    ~PrivateLog();

    // From any thread; the line is in the file when this returns. False if it could not be written.
    bool add_line(std::string_view line);

  private:
    std::mutex mutex_;
    int file_;
};

}  // namespace bqconn::emulator
