#include "emulator/http_client.hpp"

#include <arpa/inet.h>
#include <httplib.h>
#include <sys/socket.h>

#include <stdexcept>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

// Enough for a busy machine.
constexpr std::time_t patience_seconds = 30;

Reply reply_of(const httplib::Result& result) {
    Reply reply;
    if (result) {
        reply.status = result->status;
        reply.body = result->body;
        for (const auto& [name, value] : result->headers) {
            reply.headers[to_lower_ascii(name)] = value;
        }
    }
    return reply;
}

httplib::Request request_of(const std::string& method, const std::string& target,
                            const Headers& headers, const std::string& body) {
    httplib::Request request;
    request.method = method;
    request.path = target;
    for (const auto& [name, value] : headers) {
        request.headers.emplace(name, value);
    }
    request.body = body;
    return request;
}

}  // namespace

std::string Reply::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

Reply send(std::uint16_t port, const std::string& method, const std::string& target,
           const Headers& headers, const std::string& body) {
    httplib::Client client("127.0.0.1", port);
    client.set_read_timeout(patience_seconds);
    // The tests write targets exactly as sent.
    client.set_url_encode(false);
    return reply_of(client.send(request_of(method, target, headers, body)));
}

Reply send_tls(std::uint16_t port, const std::string& ca_file, const std::string& target) {
    httplib::SSLClient client("127.0.0.1", port);
    client.set_read_timeout(patience_seconds);
    client.set_ca_cert_path(ca_file);
    client.enable_server_certificate_verification(true);
    return reply_of(client.send(request_of("GET", target, {}, {})));
}

class KeptConnection::Client {
  public:
    explicit Client(std::uint16_t port) : library("127.0.0.1", port) {
        library.set_keep_alive(true);
        library.set_read_timeout(patience_seconds);
    }
    httplib::Client library;
};

KeptConnection::KeptConnection(std::uint16_t port) : client_(std::make_unique<Client>(port)) {}

KeptConnection::~KeptConnection() = default;

Reply KeptConnection::get(const std::string& target, const Headers& headers) {
    return reply_of(client_->library.send(request_of("GET", target, headers, {})));
}

RawConnection::RawConnection(std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        close(socket_);
        throw std::runtime_error("cannot connect to the emulator");
    }
}

RawConnection::~RawConnection() {
    close(socket_);
}

void RawConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            throw std::runtime_error("cannot send to the emulator");
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string RawConnection::receive(std::string_view until) const {
    std::string received;
    char buffer[4096];
    while (until.empty() || received.find(until) == std::string::npos) {
        const ssize_t size = recv(socket_, buffer, sizeof(buffer), 0);
        if (size <= 0) {
            break;
        }
        received.append(buffer, static_cast<std::size_t>(size));
    }
    return received;
}

std::string exchange_bytes(std::uint16_t port, std::string_view bytes, std::string_view until) {
    const RawConnection connection(port);
    connection.send(bytes);
    return connection.receive(until);
}

RunningEmulator::RunningEmulator(Options options) : emulator(std::move(options)), server(emulator) {
    server.start();
}

Headers RunningEmulator::credentials(const std::string& sandbox) {
    const Identity& identity = emulator.identity();
    return {{"Authorization", "Bearer " + emulator.store().issue_token(identity.api_key)},
            {"x-api-key", identity.api_key},
            {"x-gw-ims-org-id", identity.org_id},
            {"x-sandbox-name", sandbox}};
}

Reply RunningEmulator::flow(const std::string& method, const std::string& path,
                            const std::string& body, const std::string& sandbox) {
    Headers headers = credentials(sandbox);
    if (!body.empty()) {
        headers["Content-Type"] = "application/json";
    }
    return send(port(), method, "/data/foundation/flowservice" + path, headers, body);
}

std::string RunningEmulator::create(const std::string& name, const std::string& sandbox) {
    const Reply reply = flow("POST", "/connections", basic_body(name).dump(), sandbox);
    if (reply.status != 201) {
        throw std::runtime_error("unexpected status from the emulator: " +
                                 std::to_string(reply.status));
    }
    return reply.json().at("id");
}

Json basic_body(const std::string& name) {
    return {
        {"name", name},
        {"auth",
         {{"specName", "Basic Authentication"},
          {"type", "OAuth2.0"},
          {"params",
           {{"project", "my-project"},
            {"clientId", "my-client"},
            {"clientSecret", "canary-client-secret"},
            {"refreshToken", "canary-refresh-token"}}}}},
        {"connectionSpec", {{"id", "3c9b37f8-13a6-43d8-bad3-b863b941fedd"}, {"version", "1.0"}}}};
}

Json service_body() {
    Json body = basic_body();
    body["auth"] = {
        {"specName", "Service Authentication"},
        {"params", {{"projectId", "my-project"}, {"keyFileContent", key_file_content()}}}};
    return body;
}

std::string key_file_content() {
    const Json key = {{"type", "service_account"},
                      {"project_id", "my-project"},
                      {"private_key_id", "made-up"},
                      {"private_key", "canary-private-key"},
                      {"client_email", "reader@my-project.iam.gserviceaccount.com"},
                      {"token_uri", "https://oauth2.googleapis.com/token"}};
    return crypto::base64(key.dump());
}

}  // namespace bqconn::emulator
