// The two streams of a run. stdout carries the result and nothing else; errors and warnings go to
// stderr. All that passes has every known secret taken out and, on stderr, is made inert.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/core/redactor.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::output {

struct Streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
};

// How errors and warnings are written.
enum class Notes { text, json };

class Console {
  public:
    explicit Console(Streams streams) : streams_(streams) {}

    void hide(const Secret& secret) { redactor_.add(secret); }
    void set_notes(Notes notes) { notes_ = notes; }
    void set_quiet(bool quiet) { quiet_ = quiet; }  // no warnings
    void set_colour(bool colour) { colour_ = colour; }

    // Writes a result and flushes it. Throws Error (`output`) if stdout did not take it all.
    void result(std::string_view text);

    void warning(std::string_view text);

    // "error: …", "hint: …", "request id: …", or one line of JSON.
    void error(const Error& error);

    // `text` as it may be shown on one line.
    std::string clean(std::string_view text) const;

    const Streams& streams() const { return streams_; }

  private:
    std::string coloured(std::string_view text, std::string_view code) const;
    Streams streams_;
    Redactor redactor_;
    Notes notes_ = Notes::text;
    bool quiet_ = false;
    bool colour_ = false;
};

}  // namespace bqconn::output
