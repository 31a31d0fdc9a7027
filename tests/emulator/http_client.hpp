// A client for the emulator's tests, over real sockets.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "bqconn/json/parse.hpp"
#include "emulator/emulator.hpp"
#include "emulator/server/server.hpp"

namespace bqconn::emulator {

using Headers = std::map<std::string, std::string>;

struct Reply {
    int status = 0;   // 0: no complete answer
    Headers headers;  // names in lower case
    std::string body;

    Json json() const { return json::parse(body); }
    bool has(const std::string& name) const { return headers.count(name) > 0; }
    std::string header(const std::string& name) const;
};

// Uses a new connection for each call.
Reply send(std::uint16_t port, const std::string& method, const std::string& target,
           const Headers& headers = {}, const std::string& body = {});

// A GET over TLS that trusts only `ca_file`.
Reply send_tls(std::uint16_t port, const std::string& ca_file, const std::string& target);

// Several calls over one kept-alive connection.
class KeptConnection {
  public:
    explicit KeptConnection(std::uint16_t port);
    ~KeptConnection();
    Reply get(const std::string& target, const Headers& headers = {});

  private:
    class Client;
    std::unique_ptr<Client> client_;
};

// A socket, for bytes that no client would send.
class RawConnection {
  public:
    explicit RawConnection(std::uint16_t port);
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;
    ~RawConnection();

    void send(std::string_view bytes) const;

    // Reads until the server closes, `until` (if not empty) has arrived, or ten seconds pass
    // without a byte.
    std::string receive(std::string_view until) const;

  private:
    int socket_;
};

// The same in one step.
std::string exchange_bytes(std::uint16_t port, std::string_view bytes, std::string_view until);

// An emulator and its server on a free port.
class RunningEmulator {
  public:
    explicit RunningEmulator(Options options = {});

    Emulator emulator;
    Server server;

    std::uint16_t port() const { return server.port(); }

    // The four headers that the gateway requires; the token is valid.
    Headers credentials(const std::string& sandbox = "dev");

    // With credentials, below Flow Service's base path.
    Reply flow(const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& sandbox = "dev");

    // Stores a connection with Basic Authentication and returns its id.
    std::string create(const std::string& name, const std::string& sandbox = "dev");
};

// A body for POST /connections that Azure accepts.
Json basic_body(const std::string& name = "a connection");

// With a made-up key file; Azure accepts it.
Json service_body();

// The Base64 of a complete key file, but without a real key.
std::string key_file_content();

}  // namespace bqconn::emulator
