// Serves an Emulator over HTTP or HTTPS, only on 127.0.0.1.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bqconn/emulator/emulator.hpp"

namespace bqconn::emulator {

struct ServerOptions {
    std::uint16_t port = 0;  // 0: a free one
    // PEM files; both or neither.
    std::string tls_certificate;
    std::string tls_key;
};

class Server {
  public:
    // Starts listening; connections wait until start(). `emulator` must outlive the server. Throws
    // Error if the port or the certificate cannot be used.
    Server(Emulator& emulator, const ServerOptions& options);
    ~Server();

    std::uint16_t port() const;
    std::string url() const;  // "http://127.0.0.1:PORT"

    // Serves requests in its own threads.
    void start();

    // Returns when the answers in progress are written (or a second has passed) and all threads
    // have ended.
    void stop();

  private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

}  // namespace bqconn::emulator
