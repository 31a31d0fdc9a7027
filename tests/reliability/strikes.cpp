#include "reliability/strikes.hpp"

namespace bqconn::reliability {

using test::RawConnection;

const std::string error_document =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1102-500","title":"Internal Error","status":500})";

Strike send(const std::string& bytes) {
    return [bytes](RawConnection& connection, const Good&, const std::string&) {
        connection.send(bytes);
    };
}

Strike status_line(const std::string& line) {
    return [line](RawConnection& connection, const Good& good, const std::string&) {
        connection.send(line + "\r\nContent-Length: " + std::to_string(good.body.size()) +
                        "\r\n\r\n" + good.body);
    };
}

Strike instead(const std::string& body, const std::string& headers) {
    return [body, headers](RawConnection& connection, const Good& good, const std::string&) {
        connection.send(test::answer(good.status, body, headers));
    };
}

Strike headers(const std::string& lines) {
    return [lines](RawConnection& connection, const Good& good, const std::string&) {
        connection.send("HTTP/1.1 " + good.status + "\r\n" + lines + "\r\n" + good.body);
    };
}

Strike chunked(const std::string& before, const std::string& after) {
    return [=](RawConnection& connection, const Good& good, const std::string&) {
        connection.send("HTTP/1.1 " + good.status + "\r\nTransfer-Encoding: chunked\r\n\r\n" +
                        before + good.body + after);
    };
}

Strike endless(const std::string& start, const std::string& block) {
    return [=](RawConnection& connection, const Good& good, const std::string&) {
        connection.send("HTTP/1.1 " + good.status + "\r\n" + start);
        while (connection.send(block)) {
        }
    };
}

}  // namespace bqconn::reliability
