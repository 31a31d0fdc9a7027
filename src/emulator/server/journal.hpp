// What is written about a request: a log line without secrets, and the full record for tests.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

// Method, path, names of query parameters, status, error code, request id, and the fault applied.
// No headers, values or bodies.
std::string log_line(const Request& request, const Answer& answer, std::string_view request_id);

// {"method","path","query","headers":[[name,value],…],"body"}. A body that is not UTF-8 is written
// as Base64 in "bodyBase64".
std::string record_line(const Request& request);

// A file of lines that contain secrets: mode 0600 regardless of the umask; symbolic links are not
// followed. It starts empty, and lines are appended.
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
