// The one exception type that reaches the user, with its exit code. It never contains a secret:
// messages name keys, files and lines, not values.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "bqconn/core/exit_code.hpp"

namespace bqconn {

// The codes that bqconn itself acts on.
namespace code {
inline constexpr char interrupted[] = "interrupted";  // by a signal
inline constexpr char connection_not_found[] = "not_found.connection";
inline constexpr char name_not_found[] = "not_found.name";
inline constexpr char answer_too_large[] = "http.answer_too_large";
inline constexpr char differs[] = "rejected.differs";  // the result says how
inline constexpr char closed_pipe[] = "output.closed_pipe";
inline constexpr char proxy[] = "network.proxy";
inline constexpr char tls_ca_file[] = "tls.ca_file";
inline constexpr char tls_certificate[] = "tls.certificate";
}  // namespace code

class Error : public std::runtime_error {
  public:
    // `code` is stable and dotted ("auth.token_invalid"), for scripts. `message` says what happened
    // and where; `hint` what to do next (may be empty). Both may have several lines.
    Error(ExitCode exit_code, std::string code, const std::string& message, std::string hint = {});

    ExitCode exit_code() const { return exit_code_; }
    const std::string& code() const { return code_; }
    std::string message() const { return what(); }
    const std::string& hint() const { return hint_; }

    // The HTTP status and x-request-id of the response that caused the error, if any.
    const std::optional<int>& status() const { return status_; }
    const std::string& request_id() const { return request_id_; }
    void set_answer(int status, std::string request_id);

    // A copy with the status and request id of `cause`.
    Error answered_as(const Error& cause) const;

  private:
    ExitCode exit_code_;
    std::string code_;
    std::string hint_;
    std::optional<int> status_;
    std::string request_id_;
};

}  // namespace bqconn
