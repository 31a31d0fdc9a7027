// A client for the tests of the emulator, over real sockets.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "bqconn/emulator/emulator.hpp"
#include "bqconn/emulator/server.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

using Headers = std::map<std::string, std::string>;

struct Reply {
    int status = 0;   // 0: no whole answer came
    Headers headers;  // names in lower case
    std::string body;

    Json json() const { return json::parse(body); }
    bool has(const std::string& name) const { return headers.count(name) > 0; }
    std::string header(const std::string& name) const;
};

// A connection of its own for each call.
Reply send(std::uint16_t port, const std::string& method, const std::string& target,
           const Headers& headers = {}, const std::string& body = {});

// A GET over TLS, trusting `ca_file` alone.
Reply send_tls(std::uint16_t port, const std::string& ca_file, const std::string& target);

// Several calls over one connection, kept open.
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

    // Everything that comes until the server closes or `until` (if it is not empty) has come. Ten
    // seconds without a byte end it too.
    std::string receive(std::string_view until) const;

  private:
    int socket_;
};

// The same in one step.
std::string exchange_bytes(std::uint16_t port, std::string_view bytes, std::string_view until);

// An emulator and its server on a free port.
class RunningEmulator {
  public:
    explicit RunningEmulator(EmulatorOptions options = {},
                             const ServerOptions& server_options = {});

    Emulator emulator;
    Server server;

    std::uint16_t port() const { return server.port(); }

    // The four headers that the gateway wants; the token is valid.
    Headers credentials(const std::string& sandbox = "dev");

    // With credentials, below the base path of Flow Service.
    Reply flow(const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& sandbox = "dev");

    // Stores a connection with Basic Authentication and gives its id.
    std::string create(const std::string& name, const std::string& sandbox = "dev");
};

// A body for POST /connections that is accepted on Azure.
Json basic_body(const std::string& name = "a connection");

// With a made-up key file, accepted on Azure.
Json service_body();

// The Base64 of a key file that has everything a key file has, but no real key.
std::string key_file_content();

}  // namespace bqconn::emulator
