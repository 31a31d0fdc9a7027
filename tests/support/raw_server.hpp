// A server that the test controls byte by byte, like a broken or hostile service. It listens on a
// free port of 127.0.0.1 and records what it receives.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

struct ssl_st;  // OpenSSL's SSL

namespace bqconn::test {

class ServerTls;  // support/server_tls.hpp

class RawServer;

// One accepted connection, controlled by the script. Reads and writes report failure quietly: many
// scripts expect the peer to disconnect.
class RawConnection {
  public:
    int number() const { return number_; }  // 1 for the first that was accepted

    // The next request, head and body (Content-Length); less if the peer disconnected.
    std::string read_request();

    // The first `count` bytes, left unread; less if the peer disconnected. Until they arrive, the
    // peer may not even know that it is connected.
    std::string peek(std::size_t count) const;

    // False once the peer is gone.
    bool send(std::string_view bytes);
    // Byte by byte, each in its own segment if the kernel allows it.
    void drip(std::string_view bytes);
    // Waits until the peer is gone or the server stops.
    void stall();
    // Sends RST instead of FIN; unread data is dropped.
    void reset();
    // Sends FIN without the TLS close notification.
    void drop();
    // Starts TLS on the connection; data already read but unused is lost. False if the handshake
    // fails.
    bool start_tls(const ServerTls& tls);

  private:
    friend class RawServer;
    RawConnection(RawServer& server, int fd, int number);
    std::string read_some();

    RawServer& server_;
    int fd_;
    int number_;
    std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
    std::string unread_;
};

class RawServer {
  public:
    // Runs on its own thread for each connection, which is closed on return.
    using Script = std::function<void(RawConnection&)>;

    // With `tls`, the script starts after the handshake and does not run if that fails.
    explicit RawServer(Script script, const ServerTls* tls = nullptr);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    int port() const { return port_; }
    std::string url(std::string_view path = "/") const;  // with 127.0.0.1

    int connections() const;       // accepted
    int requests() const;          // complete request heads read
    std::string received() const;  // every (decrypted) byte read

  private:
    friend class RawConnection;
    void accept_all();
    void close(RawConnection& connection);
    void record(std::string_view bytes, int heads);

    Script script_;
    const ServerTls* tls_;
    int listener_;
    int port_ = 0;
    mutable std::mutex mutex_;
    bool stopping_ = false;
    int accepted_ = 0;
    int requests_ = 0;
    std::string received_;
    std::list<std::unique_ptr<RawConnection>> connections_;
    std::list<std::thread> threads_;
    std::thread acceptor_;
};

// "HTTP/1.1 <status>\r\n<headers>\r\n<body>" with a Content-Length.
std::string answer(std::string_view status, std::string_view body, std::string_view headers = "");

// Reads a request and answers it with 200 and an empty object.
void answer_once(RawConnection& connection);

}  // namespace bqconn::test
