// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// What shows that an order was carried out.

extension ControlJob {
  /// Asks for what proves the order, where that is an answer.
  mutating func ask() {
    switch proof {
    case .answer(let question, _): session.enqueue(question)
    case .told(let question, _): if !isTold { session.enqueue(question) }
    case .reading, .life: break
    }
  }

  mutating func confirm() {
    outcome.isConfirmed = true
    outcome.failure = nil
    end()
  }

  func isShown(_ reading: Reading) -> Bool { order?.isDone(reading) == true }

  /// An answer came that may prove the order.
  mutating func proved(_ request: Request, _ frame: [UInt8]) {
    switch proof {
    case .answer(let question, let answer) where request.tag == question.tag:
      if frame == answer { return confirm() }
      session.enqueue(question)
    case .told(let question, let isTaken) where request.tag == question.tag:
      isTold = isTaken(frame)
      if isTold {
        outcome.failure = nil
        outcome.isAcknowledged = true
        return
      }
      guard attempt < SettingsJob.tries else { return session.enqueue(question) }
      attempt += 1
      give(0)
    default: break
    }
  }
}
