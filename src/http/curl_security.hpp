// The security rules for connections: protocol, TLS, certificate, roots.
#pragma once

#include <string>

#include "bqconn/http/url.hpp"
#include "curl_handle.hpp"

namespace bqconn::http {

// Sets all options for protocols, proxies and TLS, except the roots.
void set_security(CurlEasy& easy, const UrlParts& url);

// The trusted roots.
class TrustedRoots {
  public:
    // PEM file; empty: libcurl's own, which are the system's.
    explicit TrustedRoots(std::string ca_file);

    void apply(CurlEasy& easy) const;

    // Why the file cannot be used; empty if it can or there is no file.
    std::string problem() const;

    // Debian has the same roots twice: as one file, which OpenSSL takes tens of milliseconds to
    // read, and as a directory, from which it reads only the one needed. The directory is tried
    // first. A root may be only in the file, so after a failure the caller enables both: true if
    // that changes anything.
    bool widen();

  private:
    std::string ca_file_;
    bool directory_alone_;
};

// True for a certificate that names its host only in the common name. libcurl accepts it; RFC 9110
// (4.3.4) does not, and an authority's name constraints need not cover it. Call before sending the
// request; false if the TLS library or a reused connection does not provide the certificate.
bool names_host_by_common_name_alone(CURL* easy);

}  // namespace bqconn::http
