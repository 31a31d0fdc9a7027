// Serves an Emulator over HTTP or HTTPS, on 127.0.0.1 and never on another interface.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bqconn/emulator/emulator.hpp"

namespace bqconn::emulator {

struct ServerOptions {
    std::uint16_t port = 0;  // 0: a free one
    // PEM files; both or none.
    std::string tls_certificate;
    std::string tls_key;
};

class Server {
  public:
    // Listens from here on; connections wait until start(). `emulator` must outlive the server.
    // Throws Error if the port cannot be had or the certificate cannot be used.
    Server(Emulator& emulator, const ServerOptions& options);
    ~Server();

    std::uint16_t port() const;
    std::string url() const;  // "http://127.0.0.1:PORT"

    // Answers, in threads of its own.
    void start();

    // Returns when the answers under way are written (or a second has passed) and every thread has
    // ended.
    void stop();

  private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

}  // namespace bqconn::emulator
