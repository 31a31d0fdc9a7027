// The one exception type that reaches the user. It knows its exit code, so no switch maps it later.
// It never holds a secret: whoever throws leaves values out and names keys, files and lines.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "bqconn/core/exit_code.hpp"

namespace bqconn {

class Error : public std::runtime_error {
  public:
    // `code` is stable and dotted ("auth.token_invalid"): scripts compare it. `message` says what
    // happened and where; `hint` what to do next (may be empty). Both may hold several lines.
    Error(ExitCode exit_code, std::string code, const std::string& message, std::string hint = {});

    ExitCode exit_code() const { return exit_code_; }
    const std::string& code() const { return code_; }
    std::string message() const { return what(); }
    const std::string& hint() const { return hint_; }

    // The HTTP status and the x-request-id of the answer that the error is about, where there was
    // one.
    const std::optional<int>& status() const { return status_; }
    const std::string& request_id() const { return request_id_; }
    void set_answer(int status, std::string request_id);

    // The same, about the answer that `cause` was about.
    Error answered_as(const Error& cause) const;

  private:
    ExitCode exit_code_;
    std::string code_;
    std::string hint_;
    std::optional<int> status_;
    std::string request_id_;
};

}  // namespace bqconn
