// Serves an Emulator over HTTP or HTTPS, only on 127.0.0.1. Knows the HTTP library and sockets.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "emulator/emulator.hpp"

namespace httplib {
class ContentReader;
class Server;
struct Request;
struct Response;
}  // namespace httplib

namespace bqconn::emulator {

class Server {
  public:
    // Starts listening, with the port and the certificate of the emulator's options; connections
    // wait until start(). `emulator` must outlive the server. Throws Error if the port or the
    // certificate cannot be used.
    explicit Server(Emulator& emulator);
    ~Server();

    std::uint16_t port() const { return port_; }
    std::string url() const;  // "http://127.0.0.1:PORT"

    // Serves requests in its own threads.
    void start();

    // Returns when the answers in progress are written (or a second has passed) and all threads
    // have ended.
    void stop();

  private:
    void add_handlers();
    void read_and_answer(const httplib::Request& request, httplib::Response& response,
                         const httplib::ContentReader& reader);
    void answer(const httplib::Request& request, std::string body, httplib::Response& response);

    Emulator& emulator_;
    std::unique_ptr<httplib::Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::size_t under_way_ = 0;
    bool stopping_ = false;
    bool ended_ = false;
};

}  // namespace bqconn::emulator
