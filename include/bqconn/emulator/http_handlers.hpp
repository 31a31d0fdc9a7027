// Connects the HTTP library to the Emulator: reads bodies, and delays, truncates or resets when a
// fault says so. Gives errors from the library itself the emulator's error document.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

#include "bqconn/emulator/emulator.hpp"

namespace httplib {
class ContentReader;
class Server;
struct Request;
struct Response;
}  // namespace httplib

namespace bqconn::emulator {

class HttpHandlers {
  public:
    // `emulator` must outlive the handlers, and the handlers the server they are added to.
    explicit HttpHandlers(Emulator& emulator) : emulator_(emulator) {}

    void add_to(httplib::Server& server);

    // Cuts short all delays. Returns when the answers in progress are written, or after `patience`.
    void finish(std::chrono::milliseconds patience);

  private:
    void add_error_handlers(httplib::Server& server);
    void read_and_answer(const httplib::Request& request, httplib::Response& response,
                         const httplib::ContentReader& reader);
    void answer(const httplib::Request& request, std::string body, httplib::Response& response);

    void begin_answer();
    void end_answer();

    Emulator& emulator_;
    std::mutex mutex_;
    std::size_t under_way_ = 0;
    std::condition_variable changed_;
    bool stopping_ = false;
};

}  // namespace bqconn::emulator
